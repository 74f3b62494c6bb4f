/**
 * What a training run is told and what it tells: the validated {@link io.ketju.actors.job.TrainingJob}, the events its
 * listeners get, and its result.
 *
 * <p>The path of one job: {@link io.ketju.actors.job.JobBuilder} collects what the user says; {@code build()} checks it
 * ({@code JobChecks}: one line says what is wrong) and makes the job; {@link io.ketju.actors.job.JobHash} says which
 * settings decide its numbers, {@link io.ketju.actors.job.PlannedMemory} whether it fits this machine.
 */
@NullMarked
package io.ketju.actors.job;

import org.jspecify.annotations.NullMarked;
