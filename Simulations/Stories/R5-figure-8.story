story 1
scenario crash-storm
seed 0
set servers 2
set clients 0
set timing lan
set duration 1800ms
set storage memory
set bugs R5
set faults.pause 50ms-2000ms
set faults.down all
set faults.crash.lasting 50ms-4000ms
property leader completeness
detail s2 committed index 2 of epoch 2 by counting in epoch 3
hash 3b7db47da50139b2
end 1.68075 s
node 0 s1
node 1 s2
0.05 s  fault.kind (strike 1) = crash
0.05 s  fault.duration (strike 1) = 400 ms
0.1 s  fault.kind (strike 2) = crash
0.1 s  fault.duration (strike 2) = 380 ms
0.5 s  fault.kind (strike 10) = crash
0.5 s  fault.duration (strike 10) = 1 s
