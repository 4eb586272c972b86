"""One workload as seven programs: SimPy (twice), Mesa (twice), starsim, numpy, and this engine.

``python -m benchmarks.peers`` (``make bench-peers``) runs them in turns and prints the table that
docs/performance.md shows. Each program is a module with

    prepare(path) -> state                          what it reads once; not timed
    simulate(state, seed, replications) -> rows     timed; float (replications, years, MEASURES)

The workload: Yangcheng's synthetic county (2,528 teachers, 65 schools), January 2021 to December
2030, and these common rules. Months are whole numbers, 12 x year + month - 1; m is the month of the
day. Whoever is on the staff has a month of birth, a sex, a school, a subject, whether they are a
specialist and have a degree that counts, the months of the award (or none), of the first job and of
arrival at the school, and the legal month of retirement.

1. Ageing, retirement, exits. On the last day of each month everybody leaves whose legal month it is
   or was: that is retirement. Of the others those leave with the chance 1 - exp(-h / 12), h being
   the hazard at the age in whole months. A program may draw the month of exit at once instead, as
   the distribution is the same.
2. Backbone teachers, 15 June. An award of m - 60 or before ends; with the chance 0.75 it is renewed
   (m), else there is none. Then 50 are chosen by lot among those without award, in service for five
   years and younger than 51.
3. Hiring, 20 August. Each three who retired since the last hiring give one post; what is left over
   counts next year. One post after the other goes to the school with the least staff / staff needed
   and then counts as staff there. With the chance 0.9 somebody comes, of a random age from 22 to 30
   years, sex, subject and degree, in post from this month, exposed to exits from the next month on.
4. Rotation, 25 August. Eligible: six years at the school, men younger than 51, women younger than
   46, at least three years before the legal month. A tenth of them, rounded up, chosen by lot, move
   each to another school of the stage, all equally likely; m is their month of arrival.
5. Census, 1 September. By school: staff, teachers whose degree counts, backbone teachers,
   specialists in PE, music and art, and these three per 100 pupils. Pupils by school and year are
   data.

Every program reads the same file of plain arrays (`workload.py`): the people, the schools, the
pupils, the staff needed, the legal month by sex and month of birth, the hazards and the numbers
above. None but the engine knows this package. The programs draw their own random numbers.
"""
