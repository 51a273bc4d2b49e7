story 1
scenario crash-storm
seed 1
set servers 2
set clients 0
set timing guide
set duration 4500ms
set storage memory
set bugs E8
set faults.down all
set faults.crash.lasting 50ms-4000ms
set faults.crash-in-commit.lasting 50ms-4000ms
property liveness
detail healed around s1, s2 (the others are cut-off), the cluster did not come to a leader, equal logs and all answers within 112000 ms; leaders: none; 0 answers missing to 
hash af06935697ae43eb
end 116.5 s
node 0 s1
node 1 s2
3.2 s  fault.kind (strike 16) = crashInCommit
3.2 s  fault.duration (strike 16) = 3 s
3.4 s  fault.kind (strike 17) = crash
