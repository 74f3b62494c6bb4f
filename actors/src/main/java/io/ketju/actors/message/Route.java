package io.ketju.actors.message;

import io.ketju.pipeline.stage.TensorKey;

/**
 * Where tensors of a kind come from and go to: a way between two stages carries one kind.
 *
 * @param from the stage that sends; {@link io.ketju.pipeline.stage.StagePorts#FEEDER} (-1) is the batch feeder
 * @param to the stage that receives; -1 is whoever wants the model's outputs
 * @param kind what all its tensors are to the receiver
 */
public record Route(int from, int to, TensorKey.Kind kind) {}
