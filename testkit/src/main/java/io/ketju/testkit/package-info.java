/**
 * For tests of programs that train with Ketju, and of Ketju itself. {@link io.ketju.testkit.TestedRank} is a rank by its
 * messages alone, with a {@link io.ketju.testkit.StageProbe} in the place of every neighbour and with virtual time;
 * {@link io.ketju.testkit.RecordedRun} is what every rank hears and says in a run, to be played to a rank in any order;
 * {@link io.ketju.testkit.FaultyTransport} has a run in one JVM fail at a chosen message; {@link io.ketju.testkit.Oracle} is
 * what a job must come to, and {@link io.ketju.testkit.FirstBatches} its first steps alone. Nothing here needs JUnit: what is not as expected throws {@link AssertionError}.
 */
@NullMarked
package io.ketju.testkit;

import org.jspecify.annotations.NullMarked;
