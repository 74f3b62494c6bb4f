package io.ketju.pipeline.stage;

import java.util.Optional;

/**
 * How the values of one parameter lay after a step.
 *
 * @param parameter its global name
 * @param weights after the update
 * @param gradients as the optimizer took them, bounded where the job bounds them; empty where the step left the parameter alone
 */
public record ParameterHistograms(String parameter, ValueHistogram weights, Optional<ValueHistogram> gradients) {}
