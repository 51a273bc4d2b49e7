story 1
scenario swarm
seed 62001478
set servers 3
set clients 1
set timing lan
set duration 3700ms
set storage memory
set fault-points true
set points.kinds 195395
set points.one-in 2
set points.salt 4826722504695147678
set limits.appends-in-flight 1
set limits.stamp-block 400
set workload.pause 0.100000ms-1666.666666ms
set workload.invite 2
set workload.storm.at 1666.666666ms
set workload.storm.clients 12
set network.delay 0.050000ms-0.750000ms
set network.loss 2%
property liveness
detail with everything healed and nobody speaking, the members did not get equal and everybody was not shown all of their rooms within 136030 ms: s1 applied 20 of 20, durable 20; s2 applied 20 of 20, durable 20; s3 applied 20 of 20, durable 20; c4 was not shown 1 messages of a room
hash e549b4c223375f9c
end 148.780405 s
node 0 s1
node 1 s2
node 2 s3
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
0 s  workload.servers c1 (life 1) = 1
0 s  workload.action c1 (act 1) = join
0.0001 s  workload.action c1 (act 2) = say
0.0002 s  workload.action c1 (act 3) = say
0.0003 s  workload.action c1 (act 4) = read
0.0503 s  stream.delay s3 s1 (append 3) = 500 us
0.05045 s  stream.delay s3 s2 (append 3) = 700 us
0.051 s  stream.delay s1 s3 (append-answer 4) = 400 us
0.0512 s  stream.delay c1 s2 (read 1) = 600 us
0.0513 s  disk.commit s2 #8 = 1 ms
1.666666666 s  workload.crowd c4 = comes
1.666666666 s  workload.crowd c5 = comes
1.666666666 s  workload.crowd c6 = comes
1.666666666 s  workload.crowd c7 = comes
1.666666666 s  workload.crowd c8 = comes
1.666666666 s  workload.crowd c9 = comes
1.666666666 s  workload.crowd c10 = comes
1.666666666 s  workload.crowd c11 = comes
1.666666666 s  workload.crowd c12 = comes
1.666666666 s  workload.crowd c13 = comes
1.666666666 s  workload.servers c4 (life 1) = 1
1.666666666 s  workload.action c4 (act 1) = join
1.666666666 s  workload.moment c4 (act 2) = at 2.51 s
1.666666666 s  workload.action c5 (act 1) = join
1.666666666 s  workload.servers c6 (life 1) = 2
1.666666666 s  workload.action c6 (act 1) = join
1.666666666 s  workload.moment c6 (act 2) = at 2 s
1.666666666 s  workload.action c7 (act 1) = join
1.666666666 s  workload.moment c7 (act 2) = at 3.08 s
1.666666666 s  workload.action c8 (act 1) = join
1.666666666 s  workload.action c12 (act 1) = join
1.666666666 s  workload.action c13 (act 1) = join
1.666716666 s  stream.opening s3 c6 = 300 us
1.666866666 s  workload.action c12 (act 3) = invite
1.666866666 s  stream.delay s3 s2 (append 6) = 500 us
1.666916666 s  disk.commit s1 #11 = 1.9 ms
1.666916666 s  stream.delay s1 s3 (relay 6) = 600 us
1.667366666 s  disk.commit s2 #12 = 1.8 ms
1.668866666 s  stream.delay s3 s1 (append 7) = 500 us
1.9003 s  packet.lost s1 s3 (heartbeat 20) = yes
1.9004 s  packet.lost s3 s1 (heartbeat 21) = yes
1.90045 s  packet.lost s2 s3 (heartbeat-answer 21) = yes
2 s  workload.action c6 (act 2) = quit
2.3 s  workload.servers c6 (life 2) = 2
2.51 s  workload.action c4 (act 2) = leave
3.08 s  workload.action c7 (act 2) = say
