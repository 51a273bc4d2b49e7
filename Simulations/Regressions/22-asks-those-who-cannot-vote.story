story 1
scenario swarm
seed 4001500
set servers 6
set clients 0
set timing wan
set duration 55000ms
set storage sqlite
set second-act deaf, mute, half-mute, cut-off, as-they-are, as-they-are
set faults.at-once 5
set faults.crash.lasting 10ms-10000ms
set faults.short-read.lasting 10ms-10000ms
set faults.misdirected-read.lasting 10ms-10000ms
set faults.halves.lasting 10ms-10000ms
set leader-faults.former-version.lasting 250ms-30000ms
set leader-faults.bridge.lasting 250ms-30000ms
set ambush 100
property liveness
detail healed around s1, s2, s3, s4 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 92000 ms; leaders: none; 0 answers missing to 
hash dce660ffbca655b0
end 147 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 5 s6
1 s  fault.kind (leader-strike 5) = formerVersion
1 s  fault.duration (leader-strike 5) = 10 s
1.2 s  fault.moment (leader-strike 7) = at 26 s
2 s  fault.kind (strike 10) = crash
3.6 s  fault.moment (strike 19) = at 24 s
24 s  fault.kind (strike 19) = halves
24 s  fault.duration (strike 19) = 6 s
24.6 s  fault.kind (strike 22) = shortRead
24.6 s  fault.target (strike 22) = 1
24.6 s  fault.duration (strike 22) = 6 s
24.8 s  fault.moment (strike 24) = at 27.5 s
26 s  fault.kind (leader-strike 7) = formerVersion
26 s  fault.duration (leader-strike 7) = 13 s
26.8 s  fault.moment (leader-strike 12) = at 44 s
27.5 s  fault.kind (strike 24) = shortRead
27.5 s  fault.target (strike 24) = 3
27.5 s  fault.duration (strike 24) = 3.8 s
29.1 s  fault.moment (strike 33) = at 40 s
39.0218 s  fault.kind (ambush 5) = bridge
39.0218 s  fault.duration (ambush 5) = 17 s
40 s  fault.kind (strike 33) = misdirectedRead
40 s  fault.target (strike 33) = 5
40 s  fault.duration (strike 33) = 4.6 s
40 s  disk.trouble s6 (strike 33) = 22
44 s  fault.kind (leader-strike 12) = formerVersion
44 s  fault.duration (leader-strike 12) = 20 s
55 s  fault.kind (second-act) = 5
