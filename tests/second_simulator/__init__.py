"""A simulator of lifters that shares nothing with the project's own.

A planar-and-a-bit linkage of trunk, upper arm and forearm is driven by progress along the lift, which a
spring-damper tracks like a muscle does; everything between lifts is the same linkage reaching elsewhere.
It was written by someone who had read neither the project's simulator nor its detector, only the physics
of the lifts, so that what the two agree upon is no accident of one model. Pure and seeded.
"""
