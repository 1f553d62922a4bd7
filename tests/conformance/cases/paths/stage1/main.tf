module "child" {
  source = "./modules/child"
}

output "paths" {
  value = [path.module, path.root, path.cwd, abspath("x"), terraform.workspace]
}

output "child" {
  value = module.child.paths
}

output "files" {
  value = {
    exists   = [fileexists("${path.module}/data.txt"), fileexists("nope")]
    content  = file("data.txt")
    hash     = filesha256("data.txt")
    base64   = filebase64("data.txt")
    template = templatefile("${path.module}/greeting.tftpl", { name = "ann", items = ["a", "b"] })
    set      = fileset(path.module, "modules/**/*.tf")
  }
}
