/**
 * What a training run is told and what it tells: the validated {@link io.ketju.actors.job.TrainingJob}, the events its
 * listeners get, and its result.
 */
@NullMarked
package io.ketju.actors.job;

import org.jspecify.annotations.NullMarked;
