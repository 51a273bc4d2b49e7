story 1
scenario swarm
seed 80036340
set servers 5
set clients 9
set timing guide
set duration 240000ms
set storage memory
set stubborn 30
set small-limits true
set second-act deaf, mute, half-mute, cut-off, as-they-are, as-they-are, streamless, streamless-among-servers, datagramless
set nonsense true
set limits.page-default 7
set limits.page-max 20
set limits.session-window 23
set limits.append-entries 1
set limits.append-bytes 1322
set limits.appends-in-flight 3
set limits.unstored 15
set limits.cached-entries 21
set limits.sessions 100
set limits.text-bytes 2048
set limits.stamp-block 6400
set workload.rooms 40
set workload.pause 0.100000ms-11428.571428ms
set workload.outstanding 1
set workload.burst 0
set workload.read 8
set workload.linearizable 30
set workload.join 0
set workload.leave 2
set workload.discover 0
set workload.quit 0
set workload.odd 1
set workload.visit 15
set workload.invite 2
set workload.peek 20
set workload.private 100
set workload.text 20
set network.delay 0.050000ms-0.625000ms
set network.doubling 2%
set disk.slowly 20ms-180ms
set faults.pause 6666.666666ms-46666.666665ms
set faults.at-once 5
set faults.share 0.1000%-20%
set faults.by 20ms-200ms
set faults.crash.weight 2
set faults.crash.lasting 500ms-60000ms
set faults.crash-in-commit.weight 2
set faults.crash-in-commit.lasting 500ms-60000ms
set faults.pause-node.weight 3
set faults.pause-node.lasting 500ms-60000ms
set faults.lying-sync.weight 4
set faults.lying-sync.lasting 500ms-60000ms
set faults.disk-full.weight 4
set faults.disk-full.lasting 500ms-60000ms
set faults.short-read.weight 2
set faults.short-read.lasting 500ms-60000ms
set faults.disk-stall.weight 2
set faults.disk-stall.lasting 500ms-60000ms
set faults.slow-node.weight 2
set faults.slow-node.lasting 500ms-60000ms
set faults.halves.weight 3
set faults.halves.lasting 500ms-60000ms
set faults.minority-third.lasting 500ms-60000ms
set faults.one-way.weight 3
set faults.one-way.lasting 500ms-60000ms
set faults.pair.lasting 500ms-60000ms
set faults.bridge.weight 4
set faults.bridge.lasting 500ms-60000ms
set faults.client-from-member.weight 2
set faults.client-from-member.lasting 500ms-60000ms
set faults.swizzle.lasting 500ms-60000ms
set faults.loss.weight 3
set faults.loss.lasting 500ms-60000ms
set faults.doubling.lasting 500ms-60000ms
set faults.odd-delay.weight 3
set faults.odd-delay.lasting 500ms-60000ms
set faults.truncation.weight 4
set faults.truncation.lasting 500ms-60000ms
set faults.bandwidth.lasting 500ms-60000ms
set faults.half-open.weight 3
set faults.half-open.lasting 500ms-60000ms
set faults.partial-reads.weight 2
set faults.partial-reads.lasting 500ms-60000ms
set faults.clock-rate.weight 2
set faults.clock-rate.lasting 500ms-60000ms
set faults.wall-step.weight 4
set faults.wall-step.lasting 500ms-60000ms
set faults.clock-freeze.lasting 500ms-60000ms
set faults.crash-loop.weight 2
set faults.crash-loop.lasting 500ms-60000ms
set faults.blocked-datagrams.lasting 500ms-60000ms
set faults.blocked-streams.weight 2
set faults.blocked-streams.lasting 500ms-60000ms
set faults.pause-client.weight 2
set faults.pause-client.lasting 500ms-60000ms
set leader-faults.pause 4000ms-28000ms
set leader-faults.at-once 5
set leader-faults.share 0.1000%-20%
set leader-faults.by 20ms-200ms
set leader-faults.crash.lasting 500ms-20000ms
set leader-faults.slow-node.lasting 500ms-20000ms
set leader-faults.former-version.lasting 500ms-20000ms
set leader-faults.isolate.lasting 500ms-20000ms
set leader-faults.pair.lasting 500ms-20000ms
set leader-faults.reset-streams.lasting 500ms-20000ms
set leader-faults.half-open.lasting 500ms-20000ms
set leader-faults.clock-rate.lasting 500ms-20000ms
set leader-faults.wall-step.lasting 500ms-20000ms
set leader-faults.clock-freeze.lasting 500ms-20000ms
set leader-faults.crash-loop.lasting 500ms-20000ms
set leader-faults.blocked-streams.lasting 500ms-20000ms
property liveness
detail healed around s1, s2, s3 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 112000 ms; leaders: none; 0 answers missing to 
hash 1f01cb04b4aa82c
end 352 s
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
53.333333328 s  fault.moment (strike 9) = at 200 s
60 s  fault.moment (leader-strike 16) = at 228 s
200 s  fault.kind (strike 9) = clockFreeze
200 s  fault.target (strike 9) = 3
200 s  fault.duration (strike 9) = 43.058502946 s
228 s  fault.kind (leader-strike 16) = isolate
228 s  fault.duration (leader-strike 16) = 18.847739438 s
240 s  fault.target (second-act) = 4
240 s  fault.target (second-act) #2 = 3
240 s  fault.kind (second-act) = 4
