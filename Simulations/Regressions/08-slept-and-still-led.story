story 1
scenario swarm
seed 9987
set servers 3
set clients 1
set timing lan
set duration 1500ms
set storage memory
set leader-faults.pause-node.lasting 25ms-1000ms
set leader-faults.clock-freeze.lasting 25ms-1000ms
property honest status
detail s3 calls itself leader, s2 was elected in epoch 2 519 ms before
hash e0da8eacee854230
end 1.32 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0 s  workload.servers c1 (life 1) = 2
0 s  workload.action c1 (act 1) = join
0 s  workload.moment c1 (act 2) = at 0.57 s
0.2 s  fault.kind (leader-strike 1) = clockFreeze
0.2 s  fault.duration (leader-strike 1) = 900 ms
0.2 s  fault.moment (leader-strike 2) = at 0.54 s
0.54 s  fault.kind (leader-strike 2) = pause
0.54 s  fault.duration (leader-strike 2) = 780 ms
0.57 s  workload.action c1 (act 2) = discover
