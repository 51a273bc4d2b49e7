story 1
scenario swarm
seed 3054
set servers 2
set clients 1
set timing lan
set duration 700ms
set storage memory
set changes 25ms-500ms
set faults.pause 39.473684ms-276.315788ms
set faults.down all
set faults.pause-node.lasting 25ms-1000ms
set faults.former-version.lasting 25ms-1000ms
property liveness
detail healed around s2 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: none; 9 answers missing to c1
hash 31dfe1e73c73f95d
end 50.7 s
node 0 s1
node 1 s2
node 1024 c1
0.078947368 s  fault.kind (strike 2) = formerVersion
0.078947368 s  fault.duration (strike 2) = 900 ms
0.125 s  change.pause (change 6) = at 0.5 s
0.473684208 s  fault.kind (strike 12) = pause
0.473684208 s  fault.duration (strike 12) = 700 ms
