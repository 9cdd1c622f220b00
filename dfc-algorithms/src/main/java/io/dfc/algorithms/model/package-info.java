/**
 * The front door for applications: a {@link io.dfc.algorithms.model.Model} learns from arrays, data
 * sets or streams by any method of the family, predicts, and is saved as one file that holds all it
 * needs.
 *
 * <pre>{@code
 * try (Model model = Model.create(Network.of(TANH, 4, 64, 64, 3), Dfc.analytic(), Backends.auto(), 1)) {
 *     model.fit(Data.of(x, classes), Fit.epochs(20).batch(32).validation(0.1));
 *     int[] predicted = model.classify(xNew);
 *     model.save(path);
 * }
 * }</pre>
 *
 * <p>Uses {@code run}, {@code store} and {@code train}, which remain there for those who need more.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.model;

import io.dfc.api.stability.Stability;
