story 1
scenario swarm
seed 104835
set servers 6
set clients 7
set timing guide
set duration 220000ms
set storage sqlite
set plain 20
set stubborn 50
set small-limits true
set second-act deaf, mute, half-mute, cut-off, as-they-are, as-they-are
set fault-points true
set nonsense true
set points.kinds 463393
set points.one-in 15
set points.salt 13112754686651597652
set limits.page-default 9
set limits.page-max 14
set limits.session-window 18
set limits.append-entries 15
set limits.append-bytes 3679
set limits.appends-in-flight 2
set limits.unstored 3
set limits.cached-entries 20
set limits.sessions 92
set limits.text-bytes 1024
set limits.stamp-block 3200
set workload.rooms 25
set workload.pause 0.100000ms-20000ms
set workload.outstanding 9
set workload.read 8
set workload.linearizable 0
set workload.join 0
set workload.leave 0
set workload.discover 40
set workload.quit 4
set workload.odd 1
set network.delay 0.050000ms-0.900000ms
set disk.slowly 20ms-67.500000ms
set faults.pause 9166.666666ms-64166.666665ms
set faults.at-once 6
set faults.share 0.1000%-2%
set faults.by 20ms-200ms
set faults.crash-in-commit.weight 3
set faults.crash-in-commit.lasting 500ms-20000ms
set faults.former-version.weight 3
set faults.former-version.lasting 500ms-20000ms
set faults.parts.weight 3
set faults.parts.lasting 500ms-20000ms
set faults.one-way.lasting 500ms-20000ms
set faults.pair.weight 2
set faults.pair.lasting 500ms-20000ms
set faults.client-from-member.lasting 500ms-20000ms
set faults.doubling.lasting 500ms-20000ms
set faults.truncation.lasting 500ms-20000ms
set faults.full-buffer.weight 3
set faults.full-buffer.lasting 500ms-20000ms
set faults.reset-streams.weight 3
set faults.reset-streams.lasting 500ms-20000ms
set faults.slow-reader.weight 4
set faults.slow-reader.lasting 500ms-20000ms
set faults.crash-loop.lasting 500ms-20000ms
set leader-faults.pause 5500ms-38500ms
set leader-faults.at-once 6
set leader-faults.share 0.1000%-2%
set leader-faults.by 20ms-200ms
set leader-faults.crash.lasting 500ms-60000ms
set leader-faults.isolate.lasting 500ms-60000ms
set leader-faults.one-way.lasting 500ms-60000ms
set leader-faults.pair.lasting 500ms-60000ms
set leader-faults.flapping.lasting 500ms-60000ms
set leader-faults.slow-link.lasting 500ms-60000ms
set leader-faults.bandwidth.lasting 500ms-60000ms
set leader-faults.full-buffer.lasting 500ms-60000ms
set leader-faults.half-open.lasting 500ms-60000ms
set leader-faults.slow-reader.lasting 500ms-60000ms
set leader-faults.clock-freeze.lasting 500ms-60000ms
property liveness
detail healed around s1, s2, s3, s5 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 112000 ms; leaders: s6 in epoch 1; 1 answers missing to c2
hash 3a6006cf5ab9ae0c
end 332 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 5 s6
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
node 1030 c7
0 s  workload.action c2 (act 1) = join
0 s  workload.begin c2 (act 1) = 2
0 s  workload.moment c2 (act 2) = at 12.425184804 s
0 s  workload.action c5 (act 1) = join
0 s  workload.begin c5 (act 1) = 2
0.0016 s  workload.moment c5 (act 18) = at 178.703962194 s
12.425184804 s  workload.action c2 (act 2) = say
12.425784804 s  workload.moment c2 (act 9) = at 102.207153084 s
27.5 s  fault.moment (leader-strike 6) = at 171.715574464 s
45.83333333 s  fault.moment (strike 6) = at 189.669970634 s
102.207153084 s  workload.action c2 (act 9) = say
102.207853084 s  workload.moment c2 (act 17) = at 189.833251897 s
171.715574464 s  fault.kind (leader-strike 6) = clockFreeze
171.715574464 s  fault.duration (leader-strike 6) = 19.192088333 s
171.715574464 s  fault.moment (leader-strike 7) = at 198.707282101 s
178.703962194 s  workload.action c5 (act 18) = say
189.669970634 s  fault.kind (strike 6) = parts
189.669970634 s  fault.target (strike 6) = 1
189.669970634 s  fault.target (strike 6) #2 = 3
189.669970634 s  fault.target (strike 6) #3 = 3
189.669970634 s  fault.target (strike 6) #4 = 1
189.669970634 s  fault.target (strike 6) #5 = 1
189.669970634 s  fault.target (strike 6) #6 = 4
189.669970634 s  fault.duration (strike 6) = 18.526494038 s
189.833251897 s  workload.action c2 (act 17) = say
198.707282101 s  fault.kind (leader-strike 7) = clockFreeze
198.707282101 s  fault.duration (leader-strike 7) = 23.494806251 s
220 s  fault.target (second-act) = 5
220 s  fault.target (second-act) #2 = 3
220 s  fault.kind (second-act) = 4
