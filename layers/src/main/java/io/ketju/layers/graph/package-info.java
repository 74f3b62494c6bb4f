/** What graph networks propagate by. */
@NullMarked
package io.ketju.layers.graph;

import org.jspecify.annotations.NullMarked;
