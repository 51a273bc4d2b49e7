story 1
scenario quiet-wipes
seed 78
set servers 3
set clients 0
set timing lan
set duration 30800ms
set storage memory
set faults.pause 4000ms-8000ms
set faults.wipe.lasting 50ms-3000ms
property liveness
detail with everything healed and nobody speaking, the members did not get equal within 136000 ms: s1 applied 1 of 1, durable 1; s2 applied 0 of 0, durable 0, recovering; s3 applied 1 of 1, durable 1
hash c9372ff1b5ef35fd
end 166.8 s
node 0 s1
node 1 s2
node 2 s3
24 s  fault.kind (strike 6) = wipe
24 s  fault.target (strike 6) = 1
24 s  fault.duration (strike 6) = 700 ms
24.30075 s  stream.waits s3 s2 #4 = yes
24.7003 s  packet.delay s2 s3 (heartbeat 241) = 400 us
