package io.dfc.bench.reproduce;

import io.dfc.algorithms.diagnostics.Jacobian;
import io.dfc.algorithms.diagnostics.Matrix;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.NetworkState;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Feedback matrices of one small network and input: random ones that fulfil Condition 2, {@code Q =
 * J^T P}, and those of the theory. All have norm 1.
 *
 * @param seed seed of network, input and {@code P}
 * @param members the matrices
 * @param components principal components of those that are stable
 */
record FeedbackCloud(long seed, List<Member> members, PrincipalComponents components) {
    private static final int RANDOM = 2000;
    private static final int DAMPED = 100;
    private static final double LEAST_DAMPING = 1e-5;
    private static final double MOST_DAMPING = 1e2;
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 5, 2, 2);

    /** What a matrix is. */
    enum Kind {
        /** {@code J^T P} with a random {@code P}. */
        RANDOM,
        /** {@code J^T}. */
        TRANSPOSE,
        /** The pseudo-inverse of {@code J}. */
        PSEUDO_INVERSE,
        /** {@code J^T (J J^T + gamma I)^-1}. */
        DAMPED
    }

    /**
     * A matrix.
     *
     * @param kind what it is
     * @param damping {@code gamma}; NaN where there is none
     * @param elements its elements, row-major
     * @param growth largest real part of the eigenvalues of {@code -J Q}; 0 or below: Condition 3
     *     holds for any leakage
     */
    record Member(Kind kind, double damping, double[] elements, double growth) {
        /** {@return whether no eigenvalue of {@code J Q} has a negative real part} */
        boolean stable() {
            return growth <= 0;
        }
    }

    /** Copies the list. */
    FeedbackCloud {
        members = List.copyOf(members);
    }

    /**
     * Draws the matrices.
     *
     * @param seed seed of network, input and {@code P}
     * @return the cloud
     */
    static FeedbackCloud of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] input = new double[NETWORK.inputs()];
        Arrays.setAll(input, i -> random.nextGaussian());
        NetworkMatrices matrices =
                NetworkMatrices.of(
                        NETWORK,
                        ParameterInitializer.drawForward(
                                NETWORK, Initialization.XAVIER_NORMAL, seed));
        Jacobian jacobian =
                Jacobian.at(
                        matrices,
                        NetworkState.feedforward(matrices, Tensor.wrap(input, 1, input.length)),
                        0);
        Matrix j = jacobian.stacked();
        List<Member> members = new ArrayList<>();
        for (int k = 0; k < RANDOM; k++) {
            double[] p = new double[NETWORK.outputs() * NETWORK.outputs()];
            Arrays.setAll(p, i -> random.nextGaussian());
            Matrix q = j.transposed().times(Matrix.wrap(NETWORK.outputs(), NETWORK.outputs(), p));
            members.add(member(Kind.RANDOM, Double.NaN, j, q));
        }
        for (int k = 0; k < DAMPED; k++) {
            double damping =
                    LEAST_DAMPING
                            * Math.pow(MOST_DAMPING / LEAST_DAMPING, (double) k / (DAMPED - 1));
            members.add(member(Kind.DAMPED, damping, j, jacobian.dampedPseudoInverse(damping)));
        }
        members.add(member(Kind.TRANSPOSE, Double.NaN, j, j.transposed()));
        members.add(member(Kind.PSEUDO_INVERSE, 0, j, jacobian.dampedPseudoInverse(0)));
        return new FeedbackCloud(
                seed,
                members,
                PrincipalComponents.of(
                        members.stream().filter(Member::stable).map(Member::elements).toList(), 2));
    }

    private static Member member(Kind kind, double damping, Matrix j, Matrix q) {
        double norm = q.norm();
        double[] elements = new double[q.rows() * q.columns()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = q.get(i / q.columns(), i % q.columns()) / norm;
        }
        Matrix unit = Matrix.wrap(q.rows(), q.columns(), elements);
        Matrix loop = j.times(unit);
        double[] negative = new double[loop.rows() * loop.columns()];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = -loop.get(i / loop.columns(), i % loop.columns());
        }
        return new Member(
                kind,
                damping,
                elements,
                Matrix.wrap(loop.rows(), loop.columns(), negative).largestRealPart());
    }
}
