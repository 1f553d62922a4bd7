output "strings" {
  value = {
    chomp        = chomp("x\n\n")
    endswith     = [endswith("abc", "bc"), endswith("abc", "x")]
    startswith   = startswith("abc", "ab")
    format       = format("%s %d %5.2f %v %q %t %x %08b %-5s| %5s %% %#v", "a", 3, 2.5, [1, "x"], "q\"", true, 255, 5, "l", "r", { a = 1 })
    formatlist   = formatlist("%s-%d", ["a", "b"], [1, 2])
    formatscalar = formatlist("%s!", "x")
    indent       = indent(2, "a\nb\nc")
    join         = join("-", ["a", "b"], ["c"])
    lower        = lower("ABÉ")
    upper        = upper("abß")
    title        = title("hello world")
    replace      = replace("1 + 2 + 3", "+", "-")
    replace_re   = replace("hello world", "/w.*d/", "[$0]")
    replace_grp  = replace("a-b", "/(\\w)-(\\w)/", "$2-$1")
    split        = split(",", "a,,b")
    split_none   = split(",", "")
    strrev       = strrev("abcé")
    substr       = [substr("hello", 1, 3), substr("hello", -2, -1), substr("hello", 0, 99)]
    trim         = trim("?!hi?!", "!?")
    trimprefix   = trimprefix("helloworld", "hello")
    trimsuffix   = trimsuffix("helloworld", "world")
    trimspace    = trimspace(" \t x \n")
    regex        = regex("(\\d+)-(\\d+)", "a 12-34")
    regex_named  = regex("(?P<y>\\d{4})-(?P<m>\\d\\d)", "2024-05")
    regex_plain  = regex("[a-z]+", "123abc456")
    regexall     = regexall("[a-z]+", "1a2bc3")
    strcontains  = strcontains("hello", "ell")
    length       = [length("héllo"), length([1, 2]), length({ a = 1 }), length("👩‍👩‍👧")]
    base64       = [base64encode("hé"), base64decode("aMOp")]
    url          = urlencode("a b/c?é&=")
    textenc      = textencodebase64("hi", "UTF-16LE")
    md5          = md5("x")
    sha1         = sha1("x")
    sha256       = sha256("x")
    sha512       = sha512("x")
    b64sha256    = base64sha256("x")
    uuidv5       = uuidv5("dns", "example.com") == uuidv5("dns", "example.com")
    csv          = csvdecode("a,b\n1,2\n3,\"x,y\"\n")
    parseint     = [parseint("ff", 16), parseint("-101", 2), parseint("z", 36)]
    formatdate   = formatdate("DD MMM YYYY hh:mm ZZZ, EEEE", "2024-03-05T07:08:09Z")
    timeadd      = timeadd("2024-03-05T07:08:09Z", "36h10m")
    timecmp      = [timecmp("2024-03-05T07:08:09Z", "2024-03-05T07:08:10Z"), timecmp("2024-03-05T07:08:09Z", "2024-03-05T08:08:09+01:00")]
    basename     = [basename("a/b/c.txt"), dirname("a/b/c.txt")]
    cidrhost     = [cidrhost("10.0.0.0/8", 258), cidrhost("10.0.0.0/8", -1), cidrhost("fd00::/48", 17)]
    cidrnetmask  = cidrnetmask("172.16.0.0/12")
    cidrsubnet   = [cidrsubnet("172.16.0.0/12", 4, 2), cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)]
    cidrsubnets  = cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
  }
}
