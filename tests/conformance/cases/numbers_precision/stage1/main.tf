variable "big" {
  type    = number
  default = 123456789012345678901234567890
}

resource "terraform_data" "n" {
  input = {
    big      = var.big
    plus     = var.big + 1
    exp      = 1e-10
    large    = 1e40
    mod      = 10 % 3.5
    parse    = tonumber("12345678901234567890.123456789")
    string   = tostring(123456789012345678901234567890)
    float    = 3.141592653589793238462643383279
    json     = jsondecode("{\"n\": 12345678901234567890123}")
    encoded  = jsonencode({ n = 0.1, b = 12345678901234567890123 })
    int      = parseint("7fffffffffffffffffff", 16)
    floor    = floor(-1.5)
    ceil     = ceil(1e20)
    log      = log(8, 2)
    max      = max(1, 1.0000001)
    cmp      = 0.1 + 0.2 == 0.3
    format   = format("%d %f %e %g %.2f %05d", 5, 1.5, 12345.678, 1e21, 2.345, 42)
  }
}

output "n" {
  value = terraform_data.n.output
}
