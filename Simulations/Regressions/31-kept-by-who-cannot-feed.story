story 1
scenario swarm
seed 100015994
set servers 8
set clients 1
set timing guide
set duration 230000ms
set storage memory
set small-limits true
set second-act deaf, mute, half-mute, cut-off, as-they-are, as-they-are, streamless, streamless-among-servers, datagramless
set fault-points true
set nonsense true
set accounts optional
set points.kinds 632119
set points.one-in 13
set points.salt 1100578352410696719
set limits.page-default 8
set limits.page-max 15
set limits.session-window 13
set limits.append-entries 5
set limits.append-bytes 2053
set limits.appends-in-flight 1
set limits.unstored 18
set limits.cached-entries 11
set limits.sessions 82
set limits.stamp-block 102400
set workload.rooms 26
set workload.pause 0.100000ms-1533.333333ms
set workload.outstanding 32
set workload.burst 2
set workload.read 8
set workload.linearizable 8
set workload.join 0
set workload.leave 8
set workload.quit 80
set workload.odd 1
set workload.invite 20
set workload.peek 20
set workload.search 2
set workload.private 30
set network.delay 0.050000ms-0.675000ms
set disk.slowly 20ms-105ms
set faults.pause 7187.500000ms-50312.500000ms
set faults.share 0.1000%-20%
set faults.by 20ms-10000ms
set faults.crash-in-commit.weight 3
set faults.crash-in-commit.lasting 500ms-60000ms
set faults.slow-node.weight 3
set faults.slow-node.lasting 500ms-60000ms
set faults.former-version.weight 2
set faults.former-version.lasting 500ms-60000ms
set faults.isolate.weight 3
set faults.isolate.lasting 500ms-60000ms
set faults.halves.weight 3
set faults.halves.lasting 500ms-60000ms
set faults.parts.lasting 500ms-60000ms
set faults.one-way.weight 3
set faults.one-way.lasting 500ms-60000ms
set faults.majorities-ring.weight 2
set faults.majorities-ring.lasting 500ms-60000ms
set faults.flapping.lasting 500ms-60000ms
set faults.swizzle.lasting 500ms-60000ms
set faults.reset-streams.weight 3
set faults.reset-streams.lasting 500ms-60000ms
set faults.half-open.weight 4
set faults.half-open.lasting 500ms-60000ms
set faults.partial-reads.weight 4
set faults.partial-reads.lasting 500ms-60000ms
set faults.partial-writes.weight 4
set faults.partial-writes.lasting 500ms-60000ms
set faults.blocked-streams.weight 4
set faults.blocked-streams.lasting 500ms-60000ms
set faults.pause-client.weight 2
set faults.pause-client.lasting 500ms-60000ms
set faults.slow-client.lasting 500ms-60000ms
set leader-faults.pause 14375ms-100625ms
set leader-faults.share 0.1000%-20%
set leader-faults.by 20ms-10000ms
set leader-faults.crash.lasting 500ms-20000ms
set leader-faults.crash-in-commit.lasting 500ms-20000ms
set leader-faults.former-version.lasting 500ms-20000ms
set leader-faults.isolate.lasting 500ms-20000ms
set leader-faults.one-way.lasting 500ms-20000ms
set leader-faults.bandwidth.lasting 500ms-20000ms
set leader-faults.full-buffer.lasting 500ms-20000ms
set leader-faults.reset-streams.lasting 500ms-20000ms
set leader-faults.half-open.lasting 500ms-20000ms
set leader-faults.partial-reads.lasting 500ms-20000ms
set leader-faults.clock-rate.lasting 500ms-20000ms
set leader-faults.wall-rate.lasting 500ms-20000ms
set leader-faults.crash-loop.lasting 500ms-20000ms
set leader-faults.blocked-datagrams.lasting 500ms-20000ms
set leader-faults.blocked-streams.lasting 500ms-20000ms
set ambush 30
property liveness
detail healed around s1, s2, s4, s5, s8 (the others are as-they-are), the cluster did not come to a leader, equal logs and all answers within 112000 ms; leaders: s7 in epoch 4; 0 answers missing to 
hash 9f5b34e77fd4e827
end 342 s
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
0.0045 s  workload.moment c3 (act 47) = at 1.9 s
7.1875 s  fault.moment (strike 2) = at 32.424054965 s
32.424054965 s  fault.moment (strike 3) = at 42.365757989 s
32.424054965 s  fault.kind (strike 2) = slowNode
32.424054965 s  fault.target (strike 2) = 6
32.424054965 s  fault.duration (strike 2) = 48.742586457 s
42.365757989 s  fault.kind (strike 3) = halves
42.365757989 s  fault.target (strike 3) #4 = 1
42.365757989 s  fault.target (strike 3) #7 = 1
42.365757989 s  fault.duration (strike 3) = 51.014194435 s
71.115757989 s  fault.moment (strike 8) = at 181.007145112 s
181.007145112 s  fault.moment (strike 9) = at 197.771564224 s
181.007145112 s  fault.kind (strike 8) = isolate
181.007145112 s  fault.target (strike 8) = 7
181.007145112 s  fault.target s8 (strike 8) = 1
181.007145112 s  fault.duration (strike 8) = 49.532545259 s
197.771564224 s  fault.kind (strike 9) = blockedStreams
197.771564224 s  fault.target (strike 9) = 1
197.771564224 s  fault.target (strike 9) #2 = 3
197.771564224 s  fault.target s2 (strike 9) = 2
197.771564224 s  fault.duration (strike 9) = 50.917146905 s
230 s  fault.target (second-act) = 6
230 s  fault.target (second-act) #2 = 5
230 s  fault.target (second-act) #3 = 2
230 s  fault.kind (second-act) = 4
