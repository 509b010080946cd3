// Counts the visits of a name, and says when and by which chance. componentize-qjs cannot make a component that imports
// wasi:http, so this one is plugged into `greeter-http`, which asks it what to answer.
import { increment } from 'wasi:keyvalue/atomics@0.2.0-draft';
import { open } from 'wasi:keyvalue/store@0.2.0-draft';
import { now } from 'wasi:clocks/wall-clock@0.2.2';
import { getRandomU64 } from 'wasi:random/random@0.2.2';

export const greeter = {
  greet(name) {
    const visits = increment(open('default'), name, 1);
    return `quickjs: visit ${visits} of ${name} at ${now().seconds}, chance ${getRandomU64().toString(16)}`;
  },
};
