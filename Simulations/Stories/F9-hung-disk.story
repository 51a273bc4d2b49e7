story 1
scenario swarm
seed 107
set servers 1
set clients 0
set timing lan
set duration 1300ms
set storage memory
set bugs F9
set faults.disk-stall.lasting 25ms-1000ms
property step-down
detail s1 leads on, though its disk has not answered for 599 ms
hash 5d25dd4cd651d181
end 1.1001 s
node 0 s1
0.4 s  fault.kind (strike 2) = diskStall
0.4 s  fault.duration (strike 2) = 900 ms
