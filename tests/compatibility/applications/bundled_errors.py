"""BUNDLE_ERRORS, by which the application has every parser collect its failures."""


def build(framework, app):
    app.config["BUNDLE_ERRORS"] = True
    api = framework.Api(app)
    reqparse = framework.reqparse

    user_parser = reqparse.RequestParser(bundle_errors=False)
    user_parser.add_argument("username", required=True, help="The user's username")
    user_parser.add_argument("priority", type=int, default=1, choices=range(5), help="Priority: {error_msg}")
    user_parser.add_argument("email", type=framework.inputs.regex(".+@.+"), nullable=False)

    @api.resource("/users")
    class UserList(framework.Resource):
        def post(self):
            arguments = user_parser.parse_args()
            return [arguments.username, arguments.priority, arguments.email], 201

        def put(self):
            return user_parser.parse_args(strict=True, http_error_code=422)


REQUESTS = {
    f"{method} {body}": {"method": method, "path": "/users", "json": body}
    for method in ("POST", "PUT")
    for body in (
        {"username": "bob", "priority": "3", "email": "bob@example.com"},
        {"username": "bob"},
        {"priority": "high", "email": "bob"},
        {"priority": 9, "email": None, "colour": "red"},
        {"username": "bob", "colour": "red"},
        {},
    )
}
