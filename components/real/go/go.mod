module everyday

go 1.24
