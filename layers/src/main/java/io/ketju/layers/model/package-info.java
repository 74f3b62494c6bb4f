/** Models: layers in topological order with global parameter names, and the zoo of ready ones. */
@NullMarked
package io.ketju.layers.model;

import org.jspecify.annotations.NullMarked;
