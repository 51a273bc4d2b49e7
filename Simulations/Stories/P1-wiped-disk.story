story 1
scenario swarm
seed 8
set servers 3
set clients 0
set timing lan
set duration 1100ms
set storage memory
set bugs P1
set faults.pause 107.142857ms-749.999999ms
set faults.wipe.weight 3
property liveness
detail healed around s1, s3 (the others are deaf), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: none; 0 answers missing to 
hash aa6630d3fc66641a
end 51.1 s
node 0 s1
node 1 s2
node 2 s3
0.857142856 s  fault.kind (strike 8) = wipe
0.857142856 s  fault.target (strike 8) = 2
1.07142857 s  fault.target (second-act) = 1
