//! Scratch.
use std::io::Read;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args[1] == "fmt" {
        let mut s = String::new();
        std::io::stdin().read_to_string(&mut s).unwrap();
        let (_, d) = groma_hcl::parse("x", &s);
        if d.has_errors() {
            for d in &d {
                eprintln!("{:?} {} | {}", d.subject, d.summary, d.detail);
            }
            std::process::exit(2);
        }
        print!("{}", groma_hcl::format(&s));
    } else {
        for f in &args[2..] {
            let s = String::from_utf8_lossy(&std::fs::read(f).unwrap()).into_owned();
            let (_, d) = groma_hcl::parse(f.as_str(), &s);
            for d in &d {
                println!("{:?} {} | {}", d.subject, d.summary, d.detail);
            }
        }
    }
}
