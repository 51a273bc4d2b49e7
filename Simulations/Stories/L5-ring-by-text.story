story 1
scenario swarm
seed 14
set servers 3
set clients 0
set timing lan
set duration 500ms
set storage memory
set bugs L5
set odd-names true
set first-name 11
property exact count
detail a token of s3 took 2 steps, it is 3 to the next larger identifier
hash 2f88dbe727ef4ea5
end 0.5 s
node 0 s1
node 1 s2
node 2 s3
