story 1
scenario split-brain
seed 7
set servers 3
set clients 0
set timing guide
set duration 13200ms
set storage memory
set bugs R19
set faults.minority-third.lasting 500ms-15000ms
set leader-faults.pause 3000ms-10000ms
set leader-faults.isolate.lasting 1000ms-15000ms
property step-down
detail s3 leads epoch 1 on, though it was told of epoch 2
hash 4b7c57a38a97946
end 13.0001 s
node 0 s1
node 1 s2
node 2 s3
0.2 s  fault.kind (strike 1) = minorityThird
0.2 s  fault.duration (strike 1) = 10 s
6 s  fault.kind (leader-strike 2) = isolate
6 s  fault.duration (leader-strike 2) = 7 s
