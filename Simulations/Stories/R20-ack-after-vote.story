story 1
scenario split-brain
seed 14
set servers 3
set clients 0
set timing lan
set duration 800ms
set storage memory
set bugs R20
set leader-faults.isolate.lasting 1000ms-15000ms
property durable before told
detail s1 acknowledged entries in epoch 1 after it had voted in round 2
hash d0586a134eb95e7e
end 0.602 s
node 0 s1
node 1 s2
node 2 s3
0.0006 s  disk.commit s2 #2 = 1 ms
0.2 s  fault.kind (leader-strike 1) = isolate
