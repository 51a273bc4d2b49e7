story 1
scenario crash-storm
seed 1
set servers 5
set clients 5
set timing guide
set duration 200ms
set storage memory
set bugs R2
property durability
detail s5 called index 2 committed with 2 durable copies of 3 needed
hash 411ee39ff7689086
end 0.0021 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
0 s  workload.action c5 (act 1) = join
0.0016 s  stream.delay s5 s1 (append 1) = 600 us
0.0016 s  stream.delay s5 s2 (append 1) = 300 us
0.00175 s  stream.delay s4 s5 (append-answer 1) = 400 us
