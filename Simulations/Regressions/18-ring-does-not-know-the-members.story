story 1
scenario swarm
seed 1026058
set servers 7
set clients 3
set timing lan
set duration 1000ms
set storage memory
set spares 3
set changes 2.500000ms-50ms
set plain 50
set stubborn 30
set operator 50ms-1000ms
set limits.appends-in-flight 1
set limits.stamp-block 200
set network.delay 0.050000ms-10ms
set faults.partial-writes.lasting 25ms-3000ms
set leader-faults.former-version.lasting 25ms-250ms
set leader-faults.halves.lasting 25ms-250ms
set leader-faults.one-way.lasting 25ms-250ms
set leader-faults.crash-loop.lasting 25ms-250ms
set ambush 100
property liveness
detail healed around s1, s2, s3 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: none; 66 answers missing to c3
hash 77cc2da26d69c6bd
end 51 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 5 s6
node 6 s7
node 1024 c1
node 1025 c2
node 1026 c3
0 s  change.pause (change 1) = at 0.04 s
0 s  workload.servers c1 (life 1) = 6
0 s  workload.moment c1 (act 2) = at 0.1 s
0 s  workload.servers c3 (life 1) = 2
0 s  workload.servers c3 (life 1) #2 = 5
0 s  workload.servers c3 (life 1) #3 = 3
0.00005 s  packet.delay s1 s4 (introduction 1) = 4.6 ms
0.00005 s  packet.delay s4 s1 (introduction 1) = 4.7 ms
0.00465 s  packet.delay s4 s1 (introduction 2) = 8.3 ms
0.00465 s  packet.delay s4 s1 (introduction 3) = 9 ms
0.00475 s  packet.delay s1 s4 (introduction 2) = 4 ms
0.0048 s  packet.delay s4 s1 (introduction 4) = 8 ms
0.00485 s  packet.delay s1 s4 (introduction 5) = 9 ms
0.0128 s  packet.delay s1 s4 (introduction 6) = 6.4 ms
0.01365 s  packet.delay s1 s4 (introduction 8) = 7 ms
0.0192 s  packet.delay s4 s1 (introduction 7) = 7.2 ms
0.02065 s  packet.delay s4 s1 (introduction 8) = 6 ms
0.0264 s  disk.commit s1 #2 = 229 us
0.026629 s  packet.delay s1 s2 (token 1) = 9 ms
0.026679 s  disk.commit s3 #2 = 1 ms
0.026679 s  disk.commit s4 #2 = 609 us
0.027288 s  packet.delay s4 s1 (token 1) = 9.774844 ms
0.037062844 s  packet.delay s1 s2 (token 2) = 4.18 ms
0.04 s  change.server (change 1) = 3
0.041242844 s  packet.delay s2 s3 (token 2) = 4.36555 ms
0.045608394 s  packet.delay s3 s4 (token 2) = 9.21 ms
0.054868394 s  packet.delay s4 s1 (elected 1) = 4.554675 ms
0.059423069 s  disk.commit s1 #4 = 1.608157 ms
0.061031226 s  packet.delay s1 s2 (elected 1) = 5.54 ms
0.066571226 s  disk.commit s2 #4 = 1.639263 ms
0.068210489 s  packet.delay s2 s3 (elected 1) = 2.690978 ms
0.070901467 s  disk.commit s3 #4 = 788 us
0.071689467 s  packet.delay s3 s4 (elected 1) = 3.976625 ms
0.075 s  change.pause (change 16) = at 0.445 s
0.075666092 s  packet.delay s4 s3 (heartbeat 2) = 4.6 ms
0.075666092 s  stream.delay s4 s3 (append 1) = 4.33395 ms
0.075666092 s  fault.moment (ambush 1) = at 0.08 s
0.075766092 s  stream.delay s1 s4 (append-answer 1) = 6 ms
0.08 s  fault.kind (ambush 1) = halves
0.08 s  fault.target (ambush 1) = 2
0.08 s  fault.target (ambush 1) #3 = 4
0.1 s  workload.action c1 (act 2) = join
0.14 s  workload.moment c1 (act 5) = at 0.750855046 s
0.2056 s  packet.delay s2 s3 (token 4) = 8 ms
0.2059 s  packet.delay s1 s2 (elected 2) = 9 ms
0.215 s  fault.moment (ambush 3) = at 0.47 s
0.4 s  fault.moment (strike 3) = at 0.7 s
0.445 s  stream.delay c3 s3 (change-members 18) = 2 ms
0.445 s  stream.delay c3 s7 (change-members 18) = 6 ms
0.447 s  fault.kind (ambush 4) = crashLoop
0.447 s  fault.strength (ambush 4) = 70 ms
0.447 s  fault.duration (ambush 4) = 100 ms
0.447 s  restart.pause s3 (ambush 4) = 12 ms
0.447 s  fault.pause s3 (ambush 4) = 20 ms
0.459 s  disk.commit s3 #13 = 1.7 ms
0.4607 s  packet.delay s3 s2 (heartbeat 7) = 6.08 ms
0.4608 s  packet.delay s1 s2 (token 5) = 7 ms
0.46678 s  disk.commit s2 #14 = 1.66 ms
0.46844 s  packet.delay s2 s3 (token 6) = 1.52 ms
0.46859 s  packet.delay s2 s3 (token 7) = 4 ms
0.47 s  fault.kind (ambush 4) #2 = oneWay
0.47 s  fault.duration (ambush 4) #2 = 160 ms
0.5 s  change.pause (change 39) = at 0.767 s
0.58844 s  packet.delay s2 s1 (token 1) = 1 ms
0.58944 s  packet.delay s1 s2 (token 7) = 9.6 ms
0.59904 s  disk.commit s2 #15 = 1 ms
0.60019 s  packet.delay s2 s5 (heartbeat 7) = 6 ms
0.60019 s  fault.moment (ambush 5) = at 0.65 s
0.7 s  fault.kind (strike 3) = partialWrites
0.7 s  fault.target (strike 3) = 1
0.7 s  fault.strength (strike 3) = 2
0.7 s  fault.duration (strike 3) = 1 s
0.750855046 s  workload.action c1 (act 5) = burst
0.750905046 s  stream.delay s7 s2 (relay 4) = 8.4 ms
0.759325046 s  stream.writePause s2 s5 #3 = 1.6 ms
0.760925046 s  stream.writePause s2 s5 #4 = 4.6 ms
0.765625046 s  stream.delay s5 s2 (append-answer 5) = 9.7 ms
0.767 s  change.server (change 39) = 4
0.767 s  stream.delay c3 s7 (change-members 47) = 8.5 ms
0.775325046 s  stream.writePause s2 s5 #5 = 2.48 ms
0.775325046 s  fault.kind (ambush 7) = halves
0.775325046 s  fault.target (ambush 7) = 5
0.775325046 s  fault.target (ambush 7) #2 = 3
0.775325046 s  fault.target (ambush 7) #3 = 4
0.775325046 s  fault.target (ambush 7) #5 = 2
0.775325046 s  fault.duration (ambush 7) = 100 ms
0.777815046 s  stream.writePause s2 s5 #7 = 4.75 ms
0.782565046 s  stream.writePause s2 s5 #8 = 740 us
0.783305046 s  stream.writePause s2 s5 #9 = 3.89 ms
0.787195046 s  stream.writePause s2 s5 #10 = 2.79 ms
0.789985046 s  stream.writePause s2 s5 #11 = 4.53 ms
0.794515046 s  stream.writePause s2 s5 #12 = 2.07 ms
0.796595046 s  stream.writePause s2 s5 #14 = 4.09 ms
0.800685046 s  stream.writePause s2 s5 #15 = 1.938423 ms
0.802623469 s  stream.writePause s2 s5 #16 = 3.01 ms
0.805633469 s  stream.writePause s2 s5 #17 = 346 us
0.805979469 s  stream.writePause s2 s5 #18 = 2.22 ms
0.808199469 s  stream.writePause s2 s5 #19 = 3.1497 ms
0.811349169 s  stream.writePause s2 s5 #20 = 3.262082 ms
0.814611251 s  stream.writePause s2 s5 #21 = 2.683855 ms
0.817295106 s  stream.writePause s2 s5 #22 = 3.997252 ms
0.8196 s  fault.moment (ambush 8) = at 0.84 s
0.821292358 s  stream.writePause s2 s5 #23 = 719 us
0.822011358 s  stream.writePause s2 s5 #24 = 4.167393 ms
0.826178751 s  stream.writePause s2 s5 #25 = 4.809413 ms
0.830988164 s  stream.writePause s2 s5 #26 = 3.846986 ms
0.83483515 s  stream.writePause s2 s5 #27 = 725 us
0.83556015 s  stream.writePause s2 s5 #28 = 542.726 us
0.836102876 s  stream.writePause s2 s5 #29 = 3.747633 ms
0.84 s  fault.kind (ambush 8) = formerVersion
