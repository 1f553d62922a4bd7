run "one" { }
run "two" {
  module { source = "./mod" }
}
run "three" {
  state_key = "k"
}
run "four" {
  state_key = "k"
  variables { name = "four" }
}
