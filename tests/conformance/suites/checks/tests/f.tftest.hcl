run "data" {
}
