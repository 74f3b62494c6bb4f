package io.ketju.actors.message;

import io.ketju.pipeline.stage.TensorKey;

/** Where tensors of a kind go: a way between two stages carries one kind. */
public record Route(int stage, TensorKey.Kind kind) {}
