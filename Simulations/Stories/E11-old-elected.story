story 1
scenario split-brain
seed 7
set servers 3
set clients 1
set timing guide
set duration 13200ms
set storage memory
set bugs E11
set faults.minority-third.lasting 500ms-15000ms
set leader-faults.pause 3000ms-10000ms
set leader-faults.isolate.lasting 1000ms-15000ms
property monotonic leader
detail s1 follows epoch 1 after epoch 2
hash e6ec3d6d8e6129d4
end 13.0002 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0.02 s  workload.action c1 (act 2) = join
0.2 s  fault.kind (strike 1) = minorityThird
0.2 s  fault.duration (strike 1) = 10 s
0.64 s  workload.moment c1 (act 34) = at 9 s
6 s  fault.kind (leader-strike 2) = isolate
6 s  fault.duration (leader-strike 2) = 7 s
9 s  workload.action c1 (act 34) = linearizable
