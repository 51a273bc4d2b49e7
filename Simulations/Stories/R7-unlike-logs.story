story 1
scenario slow-disks
seed 0
set servers 5
set clients 1
set timing lan
set duration 5200ms
set storage memory
set bugs R7
set leader-faults.pause 1000ms-4000ms
set leader-faults.pause-node.lasting 600ms-3000ms
set leader-faults.isolate.lasting 600ms-4000ms
property log matching
detail the log of s5 differs from another one up to index 4, where both have an entry of epoch 2
hash 7532942fa0669ad4
end 5.0002 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 1024 c1
0 s  workload.action c1 (act 1) = join
0.36 s  workload.moment c1 (act 20) = at 3 s
3 s  workload.action c1 (act 20) = say
3 s  fault.kind (leader-strike 3) = pause
3 s  fault.duration (leader-strike 3) = 2 s
4 s  fault.kind (leader-strike 4) = isolate
4 s  fault.duration (leader-strike 4) = 3 s
