story 1
scenario swarm
seed 1017463
set servers 8
set clients 7
set timing guide
set duration 10800ms
set storage memory
set spares 2
set changes 50ms-1000ms
set workload.storm.at 30000ms
set workload.storm.clients 7
set network.delay 0.050000ms-1.150000ms
set leader-faults.pause 2500ms-17500ms
set leader-faults.halves.lasting 500ms-20000ms
set ambush 100
property exactly once
detail what c7 said once stands at 6 and at 8
hash cf4ac91478ab2e65
end 10.85055 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 5 s6
node 6 s7
node 7 s8
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
node 1030 c7
node 1031 c8
node 1032 c9
node 1033 c10
node 1034 c11
node 1035 c12
node 1036 c13
node 1037 c14
0 s  workload.action c7 (act 1) = join
0.0013 s  fault.moment (ambush 1) = at 0.0017 s
0.0017 s  fault.kind (ambush 1) = halves
0.0017 s  fault.duration (ambush 1) = 13 s
0.02 s  workload.action c7 (act 2) = quit
0.02 s  workload.moment c7 (act 3) = at 0.35 s
0.32 s  workload.servers c7 (life 2) = 6
0.32 s  workload.servers c7 (life 2) #3 = 2
0.35 s  workload.action c7 (act 3) = join
0.57 s  workload.moment c7 (act 15) = at 10.573886765 s
2.5 s  fault.kind (leader-strike 1) = halves
2.5 s  fault.target (leader-strike 1) = 1
2.5 s  fault.target (leader-strike 1) #2 = 3
2.5 s  fault.duration (leader-strike 1) = 10 s
10.573886765 s  workload.action c7 (act 15) = say
