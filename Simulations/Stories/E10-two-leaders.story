story 1
scenario split-brain
seed 4
set servers 5
set clients 1
set timing guide
set duration 2500ms
set storage memory
set bugs E10
set faults.minority-third.lasting 500ms-15000ms
property election safety
detail s2 leads epoch 2 with the votes of 2 servers, 3 are needed
hash 699193e0bec7065
end 12.10095 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 1024 c1
0.2 s  fault.kind (strike 1) = minorityThird
0.2 s  fault.duration (strike 1) = 10 s
