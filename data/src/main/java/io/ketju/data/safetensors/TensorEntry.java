package io.ketju.data.safetensors;

import io.ketju.tensor.Shape;

/**
 * What the header says of one tensor.
 *
 * @param name in the file
 * @param type of its elements
 * @param shape of it, row-major
 * @param begin offset of its first byte behind the header
 * @param end offset after its last byte; end - begin = type.bytes() · shape.elements()
 */
public record TensorEntry(String name, ElementType type, Shape shape, long begin, long end) {}
