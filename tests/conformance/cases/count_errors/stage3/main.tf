resource "terraform_data" "many" {
  count = "2"
}

resource "terraform_data" "beyond" {
  input = terraform_data.many[2].id
}
