/** Methods of someone else's: a program, and a rule for what a controlled loop teaches. */
module org.example.methods {
    requires io.dfc.algorithms;

    exports org.example.methods;

    provides io.dfc.algorithms.method.LearningMethod with
            org.example.methods.TargetProjection,
            org.example.methods.BoundedDfc;
}
