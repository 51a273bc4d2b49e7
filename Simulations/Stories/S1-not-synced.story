story 1
scenario disk-crash
seed 0
set servers 3
set clients 0
set timing lan
set duration 600ms
set storage sqlite
set bugs S1
set faults.down all
set faults.crash.lasting 20ms-1000ms
set faults.crash-in-commit.lasting 20ms-1000ms
property journal
detail s3 found a log up to 0 after its restart, which is none that its disk can hold (1 entries answered for, 1 asked for)
hash 22fb8cfdde60575c
end 0.42 s
node 0 s1
node 1 s2
node 2 s3
0.2 s  fault.kind (strike 1) = crashInCommit
0.2 s  fault.duration (strike 1) = 200 ms
0.4 s  fault.kind (strike 2) = crash
0.4 s  fault.target (strike 2) = 1
0.4 s  crash.kind s3 (strike 2) = 1
