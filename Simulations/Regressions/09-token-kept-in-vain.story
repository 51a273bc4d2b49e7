story 1
scenario swarm
seed 9518
set servers 5
set clients 9
set timing wan
set duration 105000ms
set storage memory
set plain 50
set small-limits true
set second-act deaf, mute, half-mute, cut-off, as-they-are, as-they-are
set limits.page-default 2
set limits.page-max 14
set limits.session-window 21
set limits.append-entries 15
set limits.append-bytes 3714
set limits.unstored 17
set limits.cached-entries 50
set limits.sessions 236
set limits.text-bytes 8192
set limits.stamp-block 204800
set workload.rooms 28
set workload.pause 0.100000ms-13125ms
set workload.outstanding 3
set workload.burst 2
set workload.read 0
set workload.linearizable 30
set workload.join 30
set workload.discover 1
set workload.odd 4
set network.delay 0.050000ms-92.800000ms
set network.loss 0.1000%
set network.doubling 2%
set network.holding-back 2%
set disk.slow 0.1000%
set disk.slowly 20ms-450ms
set faults.pause 1381.578947ms-9671.052630ms
set faults.at-once 1
set faults.down all
set faults.share 0.1000%-60%
set faults.by 10ms-1000ms
set faults.crash.weight 3
set faults.crash.lasting 250ms-30000ms
set faults.wipe.lasting 5ms-30000ms
set faults.disk-full.weight 3
set faults.disk-full.lasting 250ms-30000ms
set faults.former-version.lasting 250ms-30000ms
set faults.halves.lasting 250ms-30000ms
set faults.parts.weight 3
set faults.parts.lasting 250ms-30000ms
set faults.one-way.weight 3
set faults.one-way.lasting 250ms-30000ms
set faults.majorities-ring.weight 4
set faults.majorities-ring.lasting 250ms-30000ms
set faults.client-from-member.weight 2
set faults.client-from-member.lasting 250ms-30000ms
set faults.partial-reads.weight 4
set faults.partial-reads.lasting 250ms-30000ms
set faults.partial-writes.weight 3
set faults.partial-writes.lasting 250ms-30000ms
set leader-faults.pause 2386.363636ms-16704.545453ms
set leader-faults.at-once 1
set leader-faults.down all
set leader-faults.share 0.1000%-60%
set leader-faults.by 10ms-1000ms
set leader-faults.pause-node.lasting 250ms-2500ms
set leader-faults.isolate.lasting 250ms-2500ms
set leader-faults.one-way.lasting 250ms-2500ms
set leader-faults.flapping.lasting 250ms-2500ms
set leader-faults.slow-link.lasting 250ms-2500ms
set leader-faults.clock-rate.lasting 250ms-2500ms
set leader-faults.wall-rate.lasting 250ms-2500ms
set leader-faults.wall-step.lasting 250ms-2500ms
property liveness
detail healed around s2, s3, s5 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 92000 ms; leaders: s4 in epoch 4; 0 answers missing to 
hash c222179176260890
end 197 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
node 1030 c7
node 1031 c8
node 1032 c9
0 s  fault.moment (strike 1) = at 8.391371229 s
0 s  fault.moment (leader-strike 1) = at 15.007914955 s
0.0011 s  workload.moment c1 (act 13) = at 59.73619901 s
0.0011 s  workload.moment c2 (act 13) = at 67.454015126 s
0.0014 s  workload.moment c9 (act 16) = at 62.030470686 s
8.391371229 s  fault.kind (strike 1) = formerVersion
8.391371229 s  fault.target (strike 1) = 4
8.391371229 s  fault.duration (strike 1) = 4.310891519 s
12.53610807 s  fault.moment (strike 5) = at 32.624404925 s
15.007914955 s  fault.kind (leader-strike 1) = slowLink
15.007914955 s  fault.target (leader-strike 1) = 2
15.007914955 s  fault.target (leader-strike 1) #2 = 89.920067 ms
15.007914955 s  fault.duration (leader-strike 1) = 341.943722 ms
32.624404925 s  fault.kind (strike 5) = parts
32.624404925 s  fault.target (strike 5) = 4
32.624404925 s  fault.target (strike 5) #2 = 3
32.624404925 s  fault.target (strike 5) #4 = 1
32.624404925 s  fault.target (strike 5) #5 = 5
32.624404925 s  fault.duration (strike 5) = 7.55633809 s
34.098824043 s  fault.moment (leader-strike 10) = at 101.682027425 s
45.058615448 s  fault.moment (strike 15) = at 95.82732204 s
59.73619901 s  workload.action c1 (act 13) = join
62.030470686 s  workload.action c9 (act 16) = join
62.031070686 s  workload.moment c9 (act 23) = at 99.60790804 s
67.454015126 s  workload.action c2 (act 13) = join
67.454515126 s  workload.moment c2 (act 19) = at 103.124726014 s
95.82732204 s  fault.kind (strike 15) = majoritiesRing
95.82732204 s  fault.target (strike 15) #2 = 3
95.82732204 s  fault.target (strike 15) #3 = 1
95.82732204 s  fault.target (strike 15) #4 = 1
95.82732204 s  fault.duration (strike 15) = 14.552169751 s
99.60790804 s  workload.action c9 (act 23) = linearizable
101.682027425 s  fault.kind (leader-strike 10) = slowLink
101.682027425 s  fault.target (leader-strike 10) = 3
101.682027425 s  fault.target (leader-strike 10) #2 = 477.426354 ms
101.682027425 s  fault.duration (leader-strike 10) = 1.822528108 s
103.124726014 s  workload.action c2 (act 19) = say
105 s  fault.target (second-act) #2 = 2
105 s  fault.kind (second-act) = 4
