story 1
scenario crash-storm
seed 0
set servers 5
set clients 5
set timing lan
set duration 4400ms
set storage memory
set bugs R5
set limits.append-bytes 396
set faults.at-once 4
set faults.down all
set faults.crash.lasting 50ms-4000ms
property leader completeness
detail s5 committed index 9 of epoch 1 by counting in epoch 2
hash 2549c05c4b5fa73a
end 4.20205 s
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
0 s  workload.action c1 (act 1) = join
0.44 s  workload.action c2 (act 23) = join
0.48 s  workload.moment c1 (act 26) = at 1.6 s
0.6 s  workload.action c5 (act 31) = join
0.8 s  fault.kind (strike 4) = crash
0.8 s  fault.duration (strike 4) = 3 s
1 s  fault.kind (strike 5) = crash
1 s  fault.duration (strike 5) = 2.9 s
1.2 s  fault.kind (strike 6) = crash
1.2 s  fault.duration (strike 6) = 2.8 s
1.6 s  workload.action c1 (act 26) = say
1.62 s  workload.action c1 (act 27) = say
