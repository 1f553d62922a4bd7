run "noname" {
}
