story 1
scenario swarm
seed 2614
set servers 5
set clients 0
set timing wan
set duration 80000ms
set storage sqlite
set first-name 0
set faults.pause-node.lasting 250ms-10000ms
set faults.failed-sync.lasting 250ms-10000ms
set faults.bit-flip.lasting 250ms-10000ms
set faults.majorities-ring.weight 4
set faults.majorities-ring.lasting 250ms-10000ms
set faults.half-open.weight 2
set leader-faults.by 10ms-5000ms
set leader-faults.crash.lasting 250ms-30000ms
set leader-faults.crash-in-commit.lasting 250ms-30000ms
set leader-faults.halves.lasting 250ms-30000ms
set leader-faults.one-way.lasting 250ms-30000ms
set leader-faults.pair.lasting 250ms-30000ms
set leader-faults.bridge.lasting 250ms-30000ms
set leader-faults.flapping.lasting 250ms-30000ms
property liveness
detail healed around s2, s3, s4 (the others are deaf), the cluster did not come to a leader, equal logs and all answers within 92000 ms; leaders: none; 0 answers missing to 
hash 7b8c3b540e78b3b3
end 172 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
0.4 s  fault.moment (leader-strike 3) = at 17.985858831 s
2.6 s  fault.moment (strike 14) = at 22.651038006 s
17.985858831 s  fault.kind (leader-strike 3) = crash
17.985858831 s  fault.duration (leader-strike 3) = 16.936229768 s
18.785858831 s  fault.moment (leader-strike 8) = at 54.859605938 s
22.651038006 s  fault.kind (strike 14) = bitFlip
22.651038006 s  fault.target (strike 14) = 4
22.651038006 s  fault.duration (strike 14) = 7.694301363 s
26.051038006 s  fault.moment (strike 32) = at 54.509548527 s
54.509548527 s  fault.kind (strike 32) = majoritiesRing
54.509548527 s  fault.target (strike 32) #2 = 3
54.509548527 s  fault.target (strike 32) #3 = 1
54.509548527 s  fault.duration (strike 32) = 9.184138156 s
54.859605938 s  fault.kind (leader-strike 8) = pair
54.859605938 s  fault.target (leader-strike 8) = 1
54.859605938 s  fault.duration (leader-strike 8) = 11.387387431 s
55.059605938 s  fault.moment (leader-strike 10) = at 71.378736486 s
55.509548527 s  fault.moment (strike 38) = at 66.125419773 s
66.125419773 s  fault.moment (strike 39) = at 67.811094378 s
66.125419773 s  fault.kind (strike 38) = pause
66.125419773 s  fault.duration (strike 38) = 9.25847447 s
67.811094378 s  fault.kind (strike 39) = majoritiesRing
67.811094378 s  fault.target (strike 39) = 1
67.811094378 s  fault.target (strike 39) #2 = 3
67.811094378 s  fault.target (strike 39) #3 = 1
67.811094378 s  fault.duration (strike 39) = 7.333378797 s
71.378736486 s  fault.kind (leader-strike 10) = bridge
71.378736486 s  fault.duration (leader-strike 10) = 9.552922043 s
71.378736486 s  fault.moment (leader-strike 11) = at 75.954344325 s
75.954344325 s  fault.kind (leader-strike 11) = crashInCommit
75.954344325 s  fault.duration (leader-strike 11) = 26.593101722 s
76.80055 s  disk.interrupted s5 (leader-strike 11) = 23
