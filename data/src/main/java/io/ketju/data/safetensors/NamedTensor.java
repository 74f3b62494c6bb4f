package io.ketju.data.safetensors;

import io.ketju.tensor.Tensor;

/** A tensor under the name it has in a file. Does not own the tensor. */
public record NamedTensor(String name, Tensor tensor) {}
