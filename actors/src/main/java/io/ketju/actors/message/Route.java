package io.ketju.actors.message;

import io.ketju.pipeline.stage.TensorKey;

/** Where tensors of a kind come from and go to: a way between two stages carries one kind. */
public record Route(int from, int to, TensorKey.Kind kind) {}
