/**
 * How long things take on this machine, for whoever cuts a model or chooses a schedule by it: {@link
 * io.ketju.actors.measure.LayerMeasurement} runs a job's layers one by one on one thread, {@link
 * io.ketju.actors.measure.HopMeasurement} sends tensors between two ranks, here or wherever a run's workers are, {@link
 * io.ketju.actors.measure.SpeedMeasurement} compares workers, {@link
 * io.ketju.actors.measure.TrialRun} trains the job there for a moment and says how far its layers are from that. What is measured never changes the numbers of a run.
 * Beside them stands {@link io.ketju.actors.measure.LearningRateSearch}, which tries rates out.
 */
@NullMarked
package io.ketju.actors.measure;

import org.jspecify.annotations.NullMarked;
