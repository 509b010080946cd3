/**
 * What every command shares: exit codes, failures, the one answer on stdout, where data lives.
 * Knows no command.
 */
@NullMarked
package io.wattle.cli.base;

import org.jspecify.annotations.NullMarked;
